// --- Jenkinsfile
properties([pipelineTriggers([
    GenericTrigger(
        genericVariables: [
            [key: 'PR_TITLE', value: '$.pull_request.title'],
            [key: 'PR_NUMBER', value: '$.pull_request.number']
        ],
        token: 'reviews'
    )
])])

timeout(10) {
    node('linux') {
        stage('Label') {
            sh 'label-change --number "$PR_NUMBER" --title "$PR_TITLE"'
        }
    }
}
