// --- Jenkinsfile
timeout(30) {
    node('linux') {
        stage('Tools') {
            sh '''
                curl -sSLo install.sh https://get.example.com/2.1.0/install.sh
                echo "2f1c5cbd1d8f3a0e6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c  install.sh" | sha256sum -c -
                bash install.sh
                make
            '''
        }
    }
}
