// finds: pasted-injection
// --- Jenkinsfile
pipeline {
    agent { label 'linux' }
    options { timeout(time: 30, unit: 'MINUTES') }
    stages {
        stage('Benchmark') {
            steps {
                script {
                    def words = "${env.ghprbCommentBody}".split(' ')
                    sh """
                        ./bench.sh ${words}
                    """
                }
            }
        }
    }
}
